/// The CPM Client: sends, receives, threads replies and recognises duplicates.
package org.fanfare.client;
