package org.fanfare.server;

import org.fanfare.pf.TrustedPeer;
import org.fanfare.sip.transaction.TransactionLimits;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLimits;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the server is told. Keys, defaults and their explanations stand in `fanfare.yaml` beside
/// this class; a record component `pagerLimit` is the key `pager-limit` there.
public record Configuration(
        String host,
        Listen listen,
        List<SipUri> exploderUris,
        Core core,
        List<TrustedPeer> trust,
        Users users,
        Tls tls,
        Policy policy,
        Registrations registrations,
        Interworking interworking,
        Store store,
        Xdm xdm,
        Ledger ledger,
        Spool spool,
        Admin admin,
        LimitSettings limits) {

    /// What an empty file means.
    public static Configuration defaults() {
        return load(null, List.of());
    }

    /// Reads a file, if there is one, and lays the settings of the command line (`a.b=c`) over it.
    ///
    /// @throws ConfigurationException when any of it makes no sense
    public static Configuration load(@Nullable Path file, List<String> settings) {
        return ConfigurationFile.load(file, settings).configuration();
    }

    public record Listen(
            List<ListenPoint> sip,
            List<ListenPoint> msrp,
            @NullIsOff @Nullable InetSocketAddress admin) {}

    public record Core(
            Route route,
            List<ListenPoint> listen,
            String domain,
            Users users,
            Xcap xcap,
            Duration minExpires,
            Duration defaultExpires,
            Duration maxExpires,
            int maxUsers) {}

    /// Where everything goes that is meant for users.
    public sealed interface Route {

        /// To the lab core in the same process.
        record Embedded() implements Route {}

        /// To a SIP/IP core.
        record Next(Hop hop) implements Route {}
    }

    /// Documents of users that the lab serves beside the embedded core.
    public record Xcap(@Nullable Path folder, InetSocketAddress listen) {}

    public record Users(UserSource source, @Nullable Path file, @Nullable String realm) {}

    /// Whom to believe that he is who he says.
    public enum UserSource {
        NONE,
        INSECURE,
        FILE
    }

    public record Tls(
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path trust,
            ClientAuthentication clientAuthentication) {}

    public enum ClientAuthentication {
        NONE,
        WANT,
        NEED
    }

    public record Policy(
            Originators originators,
            UserAgent userAgent,
            Anonymity anonymity,
            int maxRecipients,
            int pagerLimit,
            @Size long maxMessageSize,
            Answer answer,
            Duration collectingTime,
            Expired expired,
            ForeignAssertedService foreignAssertedService,
            boolean negativeDeliveryImdn,
            boolean imdnRecordRoute,
            Duration imdnCollectingTime,
            boolean rewriteCpimTo,
            DirectDelivery directDelivery,
            Recording record,
            Duration sessionInterval,
            @Size(least = 0) int msrpChunk,
            boolean msrpInteroperability,
            int parallelLegs,
            Duration duplicateWindow,
            Duration messageLife,
            boolean checkCpimFrom,
            boolean copiesAsSingle) {}

    public record Originators(@Pattern List<String> allow) {}

    public record UserAgent(@Nullable String minimum) {}

    /// Who may hide his address.
    ///
    /// @param toMany patterns of the originators who may be anonymous towards many
    public record Anonymity(boolean allowed, @Pattern List<String> toMany) {}

    public enum Answer {
        AGGREGATE,
        ACCEPT_AT_ONCE
    }

    public enum Expired {
        REJECT,
        DROP
    }

    public enum ForeignAssertedService {
        REJECT,
        ACCEPT
    }

    public enum DirectDelivery {
        OFF,
        DEVICES,
        CORE
    }

    public enum Recording {
        PREFERENCE,
        ALWAYS,
        NEVER
    }

    /// What goes to the Interworking Selection Function.
    ///
    /// @param on final answers to a copy that send it there instead
    /// @param repeat whether the ISF recognises what it has had before
    public record Interworking(
            @Nullable SipUri isf, IsfPath path, List<Integer> on, boolean repeat, Smpp smpp) {}

    /// The interworking function of our own.
    ///
    /// @param smsc `smpp://` or `smpps://`; null: there is none
    public record Smpp(
            @Nullable URI smsc,
            String systemId,
            @Nullable Path passwordFile,
            String systemType,
            @Nullable String source,
            int throughput,
            int window,
            int parts,
            LongTexts longTexts,
            Duration response,
            Duration enquireLink) {}

    /// Who divides a text that is too long for one short message.
    public enum LongTexts {
        /// We, by a user data header.
        PARTS,
        /// The SMSC.
        PAYLOAD
    }

    /// How a message gets to the ISF.
    public enum IsfPath {
        /// Straight to its address.
        DIRECT,
        /// Through the SIP/IP core, by a Route header field.
        CORE
    }

    public record Store(
            @Nullable URI imap,
            String user,
            @Nullable String master,
            @Nullable Path secretFile,
            String root,
            Duration timeout,
            int connections,
            Duration tryAgain,
            Duration giveUp) {}

    /// How it is known which devices users have.
    ///
    /// @param subscribe whether the core is asked
    public record Registrations(boolean subscribe) {}

    /// Where preferences of users are.
    ///
    /// @param document path of a user's rules below the root, with `{user}` for his address
    public record Xdm(@Nullable URI root, String document, Duration cache) {}

    public record Ledger(
            String url,
            Duration retention,
            Duration lease,
            boolean quarantineDamaged,
            @Nullable String node) {}

    public record Spool(@Nullable Path directory, @Size long quota) {}

    public record Admin(@Nullable Path tokenFile) {}

    /// The section `limits`, where all stand side by side.
    public record LimitSettings(
            Limits wire,
            TransportLimits transport,
            TransactionLimits transactions,
            ServerLimits server) {}

    /// The next hop towards users, when it is not the embedded core.
    public Optional<Hop> nextHop() {
        return core.route() instanceof Route.Next(var hop) ? Optional.of(hop) : Optional.empty();
    }

    /// The limits of the parsers, those on lists raised as far as [Policy#maxRecipients] needs it.
    public Limits wireLimits() {
        return LimitGrowth.of(limits.wire(), policy.maxRecipients());
    }
}
