import org.jspecify.annotations.NullMarked;

/// SIP, CPIM, IMDN, resource lists and the vocabulary of CPM, on nothing but the JDK.
@NullMarked
module org.fanfare.protocol {
    requires java.xml;
    requires static org.jspecify;

    exports org.fanfare.cpim;
    exports org.fanfare.cpm;
    exports org.fanfare.imdn;
    exports org.fanfare.mime;
    exports org.fanfare.msrp;
    exports org.fanfare.reginfo;
    exports org.fanfare.resourcelists;
    exports org.fanfare.sdp;
    exports org.fanfare.sip;
    exports org.fanfare.sip.dialog;
    exports org.fanfare.sip.digest;
    exports org.fanfare.sip.transaction;
    exports org.fanfare.sip.transport;
    exports org.fanfare.uri;
    exports org.fanfare.wire;
}
