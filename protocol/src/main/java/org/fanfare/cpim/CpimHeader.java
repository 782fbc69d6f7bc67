package org.fanfare.cpim;

/// One CPIM header as it came (RFC 3862 3).
///
/// @param line the whole line without its line end
/// @param namespace what the prefix, or its absence, stands for at this place; empty for a prefix
///   that nothing declares
/// @param name without the prefix
/// @param language of the `lang` parameter, or empty
/// @param rawValue still escaped
/// @param offset of the value in the message
public record CpimHeader(
        String line, String namespace, String name, String language, String rawValue, int offset) {

    /// The namespace of the headers that RFC 3862 defines (4).
    public static final String CPIM_NAMESPACE = "urn:ietf:params:cpim-headers:";

    /// Of notification requests (RFC 5438 6).
    public static final String IMDN_NAMESPACE = "urn:ietf:params:imdn";

    /// Of what CPM adds.
    public static final String CPM_NAMESPACE = "http://www.openmobilealliance.org/cpm/";

    /// Seen in place of [#CPM_NAMESPACE]; read as the same.
    static final String CPM_NAMESPACE_VARIANT = "http://www.openmobilealliance.org/cpm/cpim";

    /// Without escapes, which may put control characters into it.
    public String value() {
        return CpimEscapes.unescape(rawValue);
    }

    public boolean is(String namespace, String name) {
        return this.name.equals(name) && this.namespace.equals(namespace);
    }

    /// A TOKENCHAR of RFC 3862 3.6.
    static boolean isTokenCharacter(int c) {
        return c == '.' || c >= 0x80 || isNameCharacter(c);
    }

    /// A NAMECHAR of RFC 3862 3.6.
    static boolean isNameCharacter(int c) {
        return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}.".indexOf(c) < 0;
    }
}
