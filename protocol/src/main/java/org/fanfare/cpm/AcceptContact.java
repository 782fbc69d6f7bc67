package org.fanfare.cpm;

import org.fanfare.uri.Parameters;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// One value of Accept-Contact: what the sender wants of the device that answers (RFC 3841 9.2).
///
/// @param require devices that do not match in full are out
/// @param explicit devices that do not say are out, or last
public record AcceptContact(List<FeatureTag> tags, boolean require, boolean explicit) {

    private static final String SECTION = "RFC 3841 9.2";

    public AcceptContact {
        tags = List.copyOf(tags);
    }

    /// The value that asks for a service.
    public static AcceptContact of(ServiceId service) {
        return new AcceptContact(List.of(FeatureTag.of(service)), false, false);
    }

    /// The value that asks for one device and no other.
    public static AcceptContact ofInstance(String urn) {
        return new AcceptContact(List.of(FeatureTag.ofInstance(urn)), true, true);
    }

    /// Reads all values of all fields of that name, comma lists or not.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when one is none
    public static List<AcceptContact> parse(Collection<String> fieldValues, Limits limits) {
        var values = new ArrayList<AcceptContact>();
        for (var field : fieldValues) {
            var cursor = Cursor.over(field, "Accept-Contact", SECTION);
            do {
                values.add(read(cursor, limits));
            } while (cursor.acceptSeparator(','));
            cursor.expectEnd();
        }
        return List.copyOf(values);
    }

    private static AcceptContact read(Cursor cursor, Limits limits) {
        cursor.skipBlanks();
        cursor.expect('*', "at the start of the value");
        var tags = new ArrayList<FeatureTag>();
        boolean require = false;
        boolean explicit = false;
        for (var parameter : Parameters.readOfHeader(cursor, limits)) {
            if (parameter.name().equalsIgnoreCase("require")) {
                require = true;
            } else if (parameter.name().equalsIgnoreCase("explicit")) {
                explicit = true;
            } else {
                tags.add(tag(parameter));
            }
        }
        return new AcceptContact(tags, require, explicit);
    }

    /// Without its plus the tag of the services is understood all the same (reading 16).
    private static FeatureTag tag(Parameters.Parameter parameter) {
        if (parameter.name().equalsIgnoreCase(FeatureTag.ICSI_REF)) {
            Leniency.FEATURE_TAG_WITHOUT_PLUS.taken();
        }
        return new FeatureTag(parameter.name(), parameter.value());
    }

    /// The services that any of the values names.
    public static Set<ServiceId> services(Collection<AcceptContact> values) {
        return FeatureTag.services(values.stream().flatMap(value -> value.tags.stream()).toList());
    }

    /// Whether it is about one device, so that it must not be copied to requests for others.
    public boolean namesInstance() {
        return tags.stream().anyMatch(FeatureTag::isInstance);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("*");
        for (var tag : tags) {
            text.append(';').append(tag);
        }
        text.append(explicit ? ";explicit" : "").append(require ? ";require" : "");
        return text.toString();
    }
}
