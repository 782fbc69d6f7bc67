import org.jspecify.annotations.NullMarked;

/// The CPM Client as a library.
@NullMarked
module org.fanfare.client {
    requires transitive org.fanfare.protocol;
    requires static org.jspecify;

    exports org.fanfare.client;
}
