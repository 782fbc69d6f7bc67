package org.fanfare.cli;

import org.fanfare.client.Account;
import org.fanfare.client.ClientSettings;
import org.fanfare.client.CpmClient;
import org.fanfare.client.LargeMessageSettings;
import org.fanfare.client.Provisioning;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Objects;
import java.util.Optional;

/// Who the command is in the network, and how it gets there.
final class PhoneOptions {

    @Option(
            names = {"--from", "--as"},
            required = true,
            paramLabel = "URI",
            converter = Converters.ToAddress.class,
            description = "The user's own address, sip:alice@home.example")
    private @Nullable NameAddress user;

    @Option(
            names = "--via",
            required = true,
            paramLabel = "HOST:PORT[;transport=tcp]",
            converter = Converters.ToHop.class,
            description = "The SIP/IP core, or the Participating Function itself.")
    private @Nullable Hop via;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            description = "Answers digest challenges.")
    private Optional<String> password = Optional.empty();

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "User name for digest; the user part of the address unless given.")
    private Optional<String> userName = Optional.empty();

    @Option(
            names = "--realm",
            paramLabel = "REALM",
            description =
                    "Realm whose challenges are answered; the domain of the address unless given.")
    private Optional<String> realm = Optional.empty();

    @Mixin private TlsOptions tls = new TlsOptions();

    NameAddress user() {
        return Objects.requireNonNull(user);
    }

    Hop via() {
        return Objects.requireNonNull(via);
    }

    CpmClient.Builder client(Provisioning provisioning) throws CommandFailure {
        var settings = ClientSettings.of(user()).withProvisioning(provisioning);
        var builder = CpmClient.builder(settings, via());
        tls.settings(via()).ifPresent(builder::tls);
        builder.large(large());
        password.ifPresent(secret -> builder.account(account(secret)));
        return builder;
    }

    /// How large messages go and come.
    LargeMessageSettings large() throws CommandFailure {
        return tls.large(LargeMessageSettings.DEFAULT);
    }

    private Account account(String secret) {
        return new Account(realm.orElse(domain()), userName.orElse(userPart()), secret);
    }

    private String domain() {
        return user().uri() instanceof SipUri sip ? sip.hostPort().host() : "";
    }

    private String userPart() {
        return user().uri() instanceof SipUri sip ? sip.user().orElse("") : "";
    }

    CommandFailure noAnswer(String why) {
        return new CommandFailure(
                ExitStatus.NO_ANSWER,
                "no answer from %s: %s (is it running? try: fanfare status)".formatted(via(), why));
    }
}
