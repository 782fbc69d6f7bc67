package org.fanfare.pf;

import org.fanfare.uri.Uri;

import java.util.List;

/// The registered CPM Clients of a user, for direct delivery to the sender's own devices
/// (8.2.1.1/dd.send). Nothing is there yet.
public interface RegisteredDevices {

    /// Addresses of the devices that a message suits.
    List<Uri> of(String user);
}
