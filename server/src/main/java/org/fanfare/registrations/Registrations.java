package org.fanfare.registrations;

import org.fanfare.pf.Device;
import org.fanfare.pf.RegisteredDevices;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transport.Flow;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/// Which devices the users have registered, as the core tells by third-party REGISTER (references
/// n.1).
public final class Registrations implements RegisteredDevices {

    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private static final int MOST_USERS = 200_000;

    private final Predicate<Flow> trusted;
    private final Limits limits;
    private final DeviceTable table;

    /// @param trusted whose word about registrations counts
    public Registrations(Predicate<Flow> trusted, Limits limits, InstantSource clock) {
        this.trusted = trusted;
        this.limits = limits;
        this.table = new DeviceTable(clock, MOST_USERS);
    }

    /// Whether a request is about registrations, and [#onRequest] answers it.
    public boolean isAbout(SipRequest request) {
        return request.method().equals(Method.REGISTER);
    }

    /// Devices that are known.
    public int devices() {
        return table.devices();
    }

    @Override
    public List<Device> of(String user) {
        return table.of(user);
    }

    public void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        if (!trusted.test(transaction.flow())) {
            transaction.respondStatelessly(request.answer(StatusCode.FORBIDDEN).build());
            return;
        }
        try {
            table.update(ThirdPartyRegister.of(request, limits));
            var answer = request.answer(StatusCode.OK);
            request.header("Contact").ifPresent(contact -> answer.header("Contact", contact));
            transaction.respond(answer.build());
        } catch (MalformedMessage e) {
            LOG.info("event=third-party-register-malformed reason=\"{}\"", e.getMessage());
            transaction.respond(request.answer(e.sipStatus(), e.reason()).build());
        }
    }
}
