package org.fanfare.interworking;

import org.jsmpp.session.connection.Connection;
import org.jsmpp.session.connection.ConnectionFactory;
import org.jsmpp.session.connection.socket.SocketConnection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Makes the connection to an SMSC: in bounded time, and over TLS only to whom its certificate
/// names.
final class SmscConnections {

    private SmscConnections() {}

    static ConnectionFactory of(SmscSettings settings) {
        return (host, port) -> connect(settings, host, port);
    }

    private static Connection connect(SmscSettings settings, String host, int port)
            throws IOException {
        int patience = (int) settings.response().toMillis();
        var plain = new Socket();
        var context = settings.tls();
        try {
            plain.connect(new InetSocketAddress(host, port), patience);
            plain.setTcpNoDelay(true);
            return new SocketConnection(
                    context == null ? plain : secured(context, plain, host, port, patience));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static SSLSocket secured(
            SSLContext context, Socket plain, String host, int port, int patience)
            throws IOException {
        var secure = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 6125: the name counts
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(patience);
        secure.startHandshake();
        return secure;
    }
}
