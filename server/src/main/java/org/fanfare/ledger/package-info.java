/// What is on stable storage: accepted messages, their recipients and every outcome.
@NullMarked
package org.fanfare.ledger;

import org.jspecify.annotations.NullMarked;
