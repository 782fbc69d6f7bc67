package org.fanfare.interworking;

import org.jsmpp.SMPPConstant;

/// What an SMSC's refusal is in SIP (SMPP 3.4 5.1.3).
final class SmsStatus {

    private SmsStatus() {}

    /// 404 for a number that is none, 480 for one that cannot be reached now, 403 for the rest: the
    /// SMSC does not want us to.
    static int sip(int status) {
        return switch (status) {
            case SMPPConstant.STAT_ESME_RINVDSTADR,
                    SMPPConstant.STAT_ESME_RINVDSTTON,
                    SMPPConstant.STAT_ESME_RINVDSTNPI ->
                    404;
            case SMPPConstant.STAT_ESME_RSUBMITFAIL, SMPPConstant.STAT_ESME_RDELIVERYFAILURE -> 480;
            default -> 403;
        };
    }
}
