/// Preferences of users in an XML Document Management Server, read over XCAP (8.4.1).
@org.jspecify.annotations.NullMarked
package org.fanfare.xdm;
