package org.fanfare.ledger;

/// A record is not what was written.
final class DamagedRecord extends RuntimeException {

    DamagedRecord(String record) {
        super(record + " is damaged", null, false, false);
    }
}
