package org.fanfare.cli;

import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.Provisioning;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Whom a message is for: one user, many by way of the EXPLODER-URI, or a group.
final class TargetOptions {

    @Option(
            names = "--to",
            paramLabel = "URI",
            converter = Converters.ToUri.class,
            description = "A recipient; several times for several.")
    private List<Uri> to = new ArrayList<>();

    @Option(
            names = "--to-file",
            paramLabel = "FILE",
            description = "Recipients, one URI a line; empty lines and # are skipped.")
    private @Nullable Path toFile;

    @Option(
            names = "--exploder",
            paramLabel = "URI",
            converter = Converters.ToUri.class,
            description = "The EXPLODER-URI, needed for several recipients.")
    private @Nullable Uri exploder;

    @Option(
            names = "--ad-hoc",
            paramLabel = "URI",
            converter = Converters.ToUri.class,
            description =
                    "The CPM Controlling Function: the recipients form a group for this message.")
    private @Nullable Uri controllingFunction;

    @Option(
            names = "--group",
            paramLabel = "URI",
            converter = Converters.ToUri.class,
            description = "A group that exists in the network.")
    private @Nullable Uri group;

    /// In the order of the command line, then of the file, which is read once: it may be a pipe.
    private List<Uri> recipients = List.of();

    Provisioning provisioning() {
        var provisioning = Provisioning.NONE;
        if (exploder != null) {
            provisioning = provisioning.withExploderUri(exploder);
        }
        return controllingFunction == null
                ? provisioning
                : provisioning.withControllingFunction(controllingFunction);
    }

    /// Sets the target.
    ///
    /// @throws CommandFailure when there is none, or more than one kind
    void applyTo(OutgoingMessage.Builder message) throws CommandFailure {
        recipients = recipients();
        if (group != null) {
            if (!recipients.isEmpty() || controllingFunction != null) {
                throw wrong("--group stands alone, without --to, --to-file, --ad-hoc");
            }
            message.toGroup(group);
        } else if (recipients.isEmpty()) {
            throw wrong("nobody to send to: expected --to, --to-file or --group");
        } else if (controllingFunction != null) {
            message.toAdHocGroup(recipients);
        } else if (recipients.size() == 1) {
            message.to(recipients.getFirst()); // reading 19
        } else if (exploder == null) {
            throw wrong("several recipients need --exploder (or --ad-hoc)");
        } else {
            message.toMany(recipients);
        }
    }

    /// How many different ones there are; no number is too large for a group, which the network
    /// knows and we do not.
    long count() {
        return group == null
                ? recipients.stream().map(Uri::canonical).distinct().count()
                : Long.MAX_VALUE;
    }

    private List<Uri> recipients() throws CommandFailure {
        var all = new ArrayList<>(to);
        if (toFile != null) {
            all.addAll(read(toFile));
        }
        return all;
    }

    private static List<Uri> read(Path file) throws CommandFailure {
        var uris = new ArrayList<Uri>();
        int number = 0;
        try {
            for (var line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    uris.add(Uri.parse(line.strip()));
                }
            }
            return uris;
        } catch (IOException e) {
            throw wrong("--to-file: cannot read " + file);
        } catch (MalformedMessage e) {
            throw wrong("--to-file: %s line %d: %s".formatted(file, number, e.getMessage()));
        }
    }

    private static CommandFailure wrong(String what) {
        return new CommandFailure(ExitStatus.USAGE, what);
    }
}
