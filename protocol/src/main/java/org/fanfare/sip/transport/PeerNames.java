package org.fanfare.sip.transport;

import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The SIP domains that a certificate proves (RFC 5922 7.1).
public final class PeerNames {

    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    private PeerNames() {}

    /// Domains of `sip` URIs, or where there are none the DNS names, and in any case the IP
    /// addresses: a next hop may be configured by its address. The common name is not looked at;
    /// RFC 5922 leaves that open.
    public static Set<String> of(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives == null) {
            return Set.of();
        }
        var domains = new HashSet<String>();
        for (var alternative : alternatives) {
            if (alternative.get(0).equals(URI)) {
                addDomainOf(alternative.get(1).toString(), domains);
            }
        }
        boolean byUri = !domains.isEmpty();
        for (var alternative : alternatives) {
            if (alternative.get(0).equals(IP) || (alternative.get(0).equals(DNS) && !byUri)) {
                domains.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
            }
        }
        return Set.copyOf(domains);
    }

    private static void addDomainOf(String uri, Set<String> domains) {
        var text = uri.toLowerCase(Locale.ROOT);
        if (!text.startsWith("sip:") || text.contains("@")) {
            return; // of a user, or no SIP identity at all
        }
        int end = "sip:".length();
        while (end < text.length() && ":;?".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        domains.add(text.substring("sip:".length(), end));
    }

    /// Whether the whole name is among them; no wildcards (RFC 5922 7.2).
    public static boolean matches(Set<String> names, String host) {
        return names.contains(canonical(host));
    }

    private static String canonical(String host) {
        try {
            return InetAddress.ofLiteral(host).getHostAddress();
        } catch (IllegalArgumentException _) {
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        }
    }
}
