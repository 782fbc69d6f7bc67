/// XML from outside, read safely: no DTD, no entities of its own, nothing fetched.
package org.fanfare.xml;
