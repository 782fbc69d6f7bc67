/// Dialogs and the sessions that INVITE sets up in them (RFC 3261 12 to 15, RFC 3311, RFC 4028).
package org.fanfare.sip.dialog;
