package org.fanfare.cli.conformance;

/// The values that name the service, as section 8.2 prints them.
final class Service {

    static final String MSG = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg";
    static final String LARGEMSG = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg";
    static final String GROUP = ".group";

    private Service() {}

    /// In Accept-Contact, percent encoded (TS 24.229 7.2A.8.2).
    static String acceptContact(String service) {
        return "*;+g.3gpp.icsi-ref=\"" + encoded(service) + "\"";
    }

    static String encoded(String service) {
        return service.replace(":", "%3A");
    }
}
