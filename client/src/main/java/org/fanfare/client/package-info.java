/// The CPM Client as a library: sends, receives and answers CPM Standalone Messages, follows their
/// disposition notifications, and recognises duplicates.
///
/// - [org.fanfare.client.CpmClient] is the way in; [org.fanfare.client.OutgoingMessage] is what it
///   sends, [org.fanfare.client.SendResult] what became of it.
/// - What is too large for Pager Mode goes in Large Message Mode: [org.fanfare.client.Transfer] is
///   such a message on its way, [org.fanfare.client.LargeMessageSettings] how.
/// - [org.fanfare.client.ReceivedMessage] is what it receives; its `answered()` starts a reply.
/// - [org.fanfare.client.DispositionReports] holds what has been reported about the messages sent.
/// - [org.fanfare.client.MessageCorrelation] and [org.fanfare.client.DuplicateMatch] tell which
///   objects of a message store have already been handled over SIP.
/// - [org.fanfare.client.PhoneFleet] is many phones at once, for tests.
package org.fanfare.client;
