package io.github.corymb.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {

    private static final byte[] ASK = HttpConnection.get("/");

    /// Answers each request with the next of these bytes, in pieces, then closes.
    private static CompletableFuture<Void> answer(ServerSocket server, int pieceSize, List<byte[]> answers) {
        return CompletableFuture.runAsync(() -> {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                for (byte[] answer : answers) {
                    in.readNBytes(ASK.length);
                    for (int from = 0; from < answer.length; from += pieceSize) {
                        socket.getOutputStream().write(answer, from, Math.min(pieceSize, answer.length - from));
                        socket.getOutputStream().flush();
                    }
                }
            } catch (IOException closed) {
                // the client found what it wanted
            }
        });
    }

    private static byte[] answer(int status, String body) {
        return "HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void anAnswerIsWholeInWhateverPiecesItComes() throws IOException {
        String large = "x".repeat(200_000); // more than the connection has room for at first
        for (int pieceSize : List.of(7, 64, 1_000_000)) {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<Void> answered = answer(
                        server, pieceSize, List.of(answer(200, "one"), answer(503, ""), answer(200, large)));
                try (HttpConnection connection = new HttpConnection(server.getLocalPort())) {
                    assertEquals(200, connection.ask(ASK));
                    assertArrayEquals("one".getBytes(StandardCharsets.US_ASCII), connection.body());
                    assertEquals(503, connection.ask(ASK));
                    assertEquals(0, connection.body().length);
                    assertEquals(200, connection.ask(ASK));
                    assertEquals(large, new String(connection.body(), StandardCharsets.US_ASCII));
                }
                answered.join();
            }
        }
    }

    @Test
    void anAnswerThatEndsTooSoonOrTellsNoLengthIsRefused() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            byte[] cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nonly".getBytes(StandardCharsets.US_ASCII);
            CompletableFuture<Void> answered = answer(server, 100, List.of(cut));
            try (HttpConnection connection = new HttpConnection(server.getLocalPort())) {
                assertThrows(EOFException.class, () -> connection.ask(ASK));
            }
            answered.join();
            byte[] silent = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            answered = answer(server, 100, List.of(silent));
            try (HttpConnection connection = new HttpConnection(server.getLocalPort())) {
                String message = assertThrows(IOException.class, () -> connection.ask(ASK))
                        .getMessage();
                assertTrue(message.startsWith("expected an answer that tells its length"), message);
            }
            answered.join();
        }
    }

    @Test
    void aPostSaysHowLongItsBodyIs() {
        String request = new String(
                HttpConnection.post("/p", "{}".getBytes(StandardCharsets.US_ASCII)), StandardCharsets.US_ASCII);
        assertTrue(request.startsWith("POST /p HTTP/1.1\r\n"));
        assertTrue(request.endsWith("Content-Length: 2\r\n\r\n{}"));
    }
}
