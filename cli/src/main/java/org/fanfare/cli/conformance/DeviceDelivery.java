package org.fanfare.cli.conformance;

import static org.fanfare.cli.conformance.Scenario.scenario;

import org.fanfare.sip.SipRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What the sender's other devices get, where each of them gets a copy of its own: direct delivery
/// in both modes.
record DeviceDelivery(Mode mode) {

    static List<Scenario> scenarios() {
        var all = new ArrayList<Scenario>();
        all.addAll(
                new DeviceDelivery(Mode.PAGER)
                        .scenarios(
                                "8.2.1.1/",
                                "dd.check dd.send dd.2.else dd.3 dd.3.i dd.3.ii dd.3.iii dd.3.iv"
                                        + " dd.3.iv.b dd.3.iv.b.i dd.3.iv.b.i.address dd.3.iv.b.ii"
                                        + " dd.3.iv.b.ii.tags dd.core",
                                "dd.1 dd.2",
                                "dd.1.off"));
        all.add(new DeviceDelivery(Mode.TO_LARGE).each("8.2.1.1/", "9.iv 9.iv.dd"));
        all.addAll(
                new DeviceDelivery(Mode.LARGE)
                        .scenarios(
                                "8.2.1.2/",
                                "dd.check dd.send dd.B.else dd.C dd.C.invite dd.C.1 dd.C.2 dd.C.3"
                                        + " dd.C.3.i dd.C.3.i.address dd.C.3.ii dd.C.3.ii.tags dd.D"
                                        + " dd.E.a dd.E.a.msrp dd.E.c dd.E.d dd.E.d.payload",
                                "dd.A dd.B",
                                "dd.A.off"));
        all.add(
                scenario(
                                "large/direct-delivery-refused",
                                "8.2.1.2/dd.E.b",
                                "a device that refuses changes nothing for sender and recipient",
                                new DeviceDelivery(Mode.LARGE)::refused)
                        .needs(Need.DIRECT_DELIVERY_TO_DEVICES, Need.TRUSTED));
        return all;
    }

    /// @param each ids of a copy to each, without their section
    /// @param release ids where one is required
    /// @param any id where none is
    private List<Scenario> scenarios(String section, String each, String release, String any) {
        return List.of(
                each(section, each),
                scenario(
                                mode + "/direct-delivery-by-release",
                                ids(section, release),
                                "nothing goes to a device that follows no supported release",
                                this::oldRelease)
                        .needs(Need.DIRECT_DELIVERY_TO_DEVICES, Need.MINIMUM_RELEASE, Need.TRUSTED),
                scenario(
                                mode + "/direct-delivery-to-any-release",
                                ids(section, any),
                                "a device of any release has its copy where none is required",
                                this::anyRelease)
                        .needs(Need.DIRECT_DELIVERY_TO_DEVICES, Need.ANY_RELEASE, Need.TRUSTED));
    }

    private Scenario each(String section, String steps) {
        return scenario(
                        mode + "/direct-delivery-to-devices",
                        ids(section, steps),
                        "a copy with Message-Direction: sent to each device but the one that sends,"
                                + " by GRUU or +sip.instance",
                        this::toEach)
                .needs(Need.DIRECT_DELIVERY_TO_DEVICES, Need.TRUSTED);
    }

    private static String ids(String section, String steps) {
        return section + steps.replace(" ", " " + section);
    }

    /// Known by its address, which is that of the request.
    private static Device phone(Stage stage) {
        return Device.at("sip:phone@" + stage.target().listen());
    }

    private static Device other(String host) {
        return Device.at("sip:other@" + host + ":5060");
    }

    private static final String PAYLOAD_TYPE =
            """
            NS: cpm <http://www.openmobilealliance.org/cpm/>\r
            cpm.Payload-Type: text/plain\r
            """;

    private void toEach(Stage stage) throws Mismatch, InterruptedException {
        var sender = stage.at(stage.target().sender());
        var tablet = other("192.0.2.2");
        var watch = other("192.0.2.3").withGruuOf(sender);
        var gruu = stage.at(watch.gruu());
        var bob = stage.sip("bob");
        var outgoing = mode.to(stage, bob).header("Subject", "Lunch").cpimHeaders(PAYLOAD_TYPE);
        try (var _ = stage.registered(phone(stage), tablet, watch)) {
            mode.serveAllBut(stage, outgoing, bob);

            var byInstance = stage.arrivalOf(outgoing, sender);
            Expect.that(
                    isOnlyFor(tablet, byInstance.request()),
                    "Accept-Contact: *;+sip.instance=\"<URN>\";explicit;require",
                    byInstance.request().headers().all("Accept-Contact").toString());
            var byGruu = stage.arrivalOf(outgoing, gruu);
            Expect.that(
                    byGruu.request().requestUriText().equals(gruu),
                    "Request-URI " + gruu,
                    byGruu.request().requestUriText());
            for (var copy : List.of(byInstance, byGruu)) {
                checkCopy(stage, copy, outgoing);
            }
            stage.settle();
            stage.onlyFor(outgoing, bob, sender, gruu);
        }
        stage.note("a copy to each of two other devices");
    }

    private static boolean isOnlyFor(Device device, SipRequest copy) {
        var instance = "+sip.instance=\"<" + device.instance() + ">\"";
        var whole =
                Pattern.compile(
                        "\\*;" + Pattern.quote(instance) + "(;explicit;require|;require;explicit)",
                        Pattern.CASE_INSENSITIVE);
        return copy.headers().values("Accept-Contact").stream()
                .map(value -> value.replace(" ", ""))
                .anyMatch(value -> whole.matcher(value).matches());
    }

    private void checkCopy(Stage stage, Arrival copy, Outgoing outgoing)
            throws Mismatch, InterruptedException {
        var request = copy.request();
        Expect.that(request.method().equals(mode.out()), "" + mode.out(), "" + request.method());
        Expect.header(request, "Subject", "Lunch");
        Expect.header(request, "Contribution-ID", outgoing.contributionId());
        if (mode == Mode.PAGER) {
            PagerDirectDelivery.checkMarked(request.body(), outgoing.cpim());
            return;
        }
        var leg = copy.session();
        PagerDirectDelivery.checkMarked(leg.whole(), outgoing.cpim());
        leg.ack();
        leg.bye();
        var contact = request.header("Contact").orElse("");
        Expect.that(!stage.isOurs(contact), "not the Contact of the sender", contact);
    }

    private void oldRelease(Stage stage) throws Mismatch, InterruptedException {
        stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        var old = other("192.0.2.2").withRelease("OMA1.0");
        try (var _ = stage.registered(phone(stage), old)) {
            mode.serve(stage, mode.to(stage, bob), bob);
        }
    }

    private void anyRelease(Stage stage) throws Mismatch, InterruptedException {
        var sender = stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        var outgoing = mode.to(stage, bob);
        try (var _ = stage.registered(phone(stage), other("192.0.2.2").withRelease("OMA1.0"))) {
            mode.serveAllBut(stage, outgoing, bob);
            stage.arrivalOf(outgoing, sender);
        }
    }

    private void refused(Stage stage) throws Mismatch, InterruptedException {
        var sender = stage.at(stage.target().sender());
        var bob = stage.sip("bob");
        var outgoing = mode.to(stage, bob);
        stage.answers(sender, 603);
        try (var _ = stage.registered(phone(stage), other("192.0.2.2"))) {
            mode.serveAllBut(stage, outgoing, bob);
            stage.arrivalOf(outgoing, sender);
            stage.settle();
            stage.onlyFor(outgoing, bob, sender);
        }
    }
}
