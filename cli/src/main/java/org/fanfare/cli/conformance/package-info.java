/// A suite of black-box scenarios, by clause, for any CPM Participating Function: it sends as a
/// client by way of the core, receives as the core, as the recipients and as the interworking
/// function, and judges what comes by the clauses alone, without any code of our server.
@NullMarked
package org.fanfare.cli.conformance;

import org.jspecify.annotations.NullMarked;
