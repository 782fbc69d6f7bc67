/// The vocabulary of CPM: feature tags, service identifiers, conversation and contribution ids,
/// warning texts.
package org.fanfare.cpm;
