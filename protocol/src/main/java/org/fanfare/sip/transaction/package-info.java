/// Client and server transactions as pure state machines, and what runs them (RFC 3261 17).
package org.fanfare.sip.transaction;
