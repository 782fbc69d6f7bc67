package org.fanfare.pf;

import java.util.List;

/// The registered CPM Clients of a user, for direct delivery to the sender's other devices
/// (8.2.1.1/dd.send).
public interface RegisteredDevices {

    /// Nobody tells who is registered.
    RegisteredDevices UNKNOWN = _ -> List.of();

    /// The devices that are registered now, as far as it is known. May wait a few seconds for the
    /// network to tell; never throws.
    ///
    /// @param user his addresses in their canonical form: the first that has devices counts
    List<Device> of(List<String> user);
}
