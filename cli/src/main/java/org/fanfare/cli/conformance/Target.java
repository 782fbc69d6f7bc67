package org.fanfare.cli.conformance;

import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.HostPort;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The Participating Function under test and its surroundings, all of which we play.
///
/// @param hop where it takes requests
/// @param exploder its EXPLODER-URI
/// @param sender the address of the sending user
/// @param account with what he authenticates; nobody asks us who are its trusted core
/// @param listen where it finds the core: its next hop
/// @param route whether its address and ours are in Route, as an S-CSCF has it
/// @param timeout how long anything may take that ought to come
/// @param stated what is known of its configuration
public record Target(
        Hop hop,
        String exploder,
        String sender,
        Optional<Account> account,
        HostPort listen,
        boolean route,
        Duration timeout,
        Map<Stated, String> stated) {

    /// User, password and realm for digest authentication.
    public record Account(String user, String password, String realm) {}

    public Target {
        stated = Map.copyOf(stated);
    }

    /// Of the users: that of the EXPLODER-URI.
    String domain() {
        return domainOf(exploder);
    }

    /// Of an address with a user.
    public static String domainOf(String uri) {
        return uri.substring(uri.indexOf('@') + 1).replaceFirst("[;?:].*", "");
    }

    /// What was stated, which a scenario has made sure of by its needs.
    String stated(Stated what) {
        var value = stated.get(what);
        if (value == null) {
            throw new IllegalStateException(what.option() + " was not stated");
        }
        return value;
    }

    int number(Stated what) {
        return Integer.parseInt(stated(what));
    }

    /// The interworking function, where there is one.
    Optional<HostPort> isf() {
        return address(Stated.ISF);
    }

    /// The XDMS, where there is one.
    Optional<HostPort> xdms() {
        return address(Stated.XDMS);
    }

    private Optional<HostPort> address(Stated what) {
        return Optional.ofNullable(stated.get(what))
                .filter(value -> !value.equals(Stated.NONE))
                .map(HostPort::parse);
    }
}
