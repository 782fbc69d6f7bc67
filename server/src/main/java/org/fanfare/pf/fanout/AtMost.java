package org.fanfare.pf.fanout;

import org.fanfare.msrp.ContentSource;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Content of which a recipient takes no more than so many octets (RFC 4975 8.6): what would be one
/// more is not handed out, and the message is given up.
final class AtMost implements ContentSource {

    private final ContentSource content;
    private final Runnable onMore;
    private long left;

    /// @param onMore is told when there is more
    AtMost(long octets, ContentSource content, Runnable onMore) {
        this.left = octets;
        this.content = content;
        this.onMore = onMore;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = content.read(target);
        taken(count);
        return count;
    }

    @Override
    public @Nullable ByteBuffer view(int most) throws IOException {
        var view = content.view(most);
        taken(view == null ? 0 : view.remaining());
        return view;
    }

    private void taken(int octets) throws IOException {
        left -= Math.max(octets, 0);
        if (left < 0) {
            onMore.run();
            throw new IOException("more than the recipient takes");
        }
    }

    @Override
    public boolean mayHoldEndLine() {
        return content.mayHoldEndLine();
    }

    @Override
    public void acknowledged() {
        content.acknowledged();
    }

    @Override
    public void cancel() {
        content.cancel();
    }
}
