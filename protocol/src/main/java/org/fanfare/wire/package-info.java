/// Octets, limits and what is thrown when octets break a grammar: the bottom of everything.
package org.fanfare.wire;
