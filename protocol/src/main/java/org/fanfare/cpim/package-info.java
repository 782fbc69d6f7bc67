/// CPIM messages (RFC 3862).
package org.fanfare.cpim;
