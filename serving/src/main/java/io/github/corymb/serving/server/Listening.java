package io.github.corymb.serving.server;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.server.ServerOptions.Tls;
import java.net.InetSocketAddress;

/// Where a server listens: in the clear, or by TLS alone.
final class Listening {

    private Listening() {}

    /// @throws InputException where certificate and key are no such files
    static ServerBuilder at(ServerOptions options) {
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        Tls tls = options.admission().tls();
        if (tls == null) {
            return Server.builder().http(address);
        }
        try {
            TlsKeyPair pair =
                    TlsKeyPair.of(tls.key().toFile(), tls.certificate().toFile());
            return Server.builder().https(address).tls(pair);
        } catch (RuntimeException problem) {
            throw new InputException(
                    "tls: expected a certificate and its key as PEM, found %s and %s: %s"
                            .formatted(tls.certificate(), tls.key(), problem.getMessage()),
                    problem);
        }
    }
}
