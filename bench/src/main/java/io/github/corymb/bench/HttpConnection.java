package io.github.corymb.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A connection of HTTP/1.1 to this machine that is kept alive, and as little work on our side as can be: a request is
/// bytes that are ready, an answer is its status and its body. One thread at a time. Whoever
/// opened it closes it.
final class HttpConnection implements AutoCloseable {

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final String POST = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private final SocketChannel channel; // does not block
    private byte[] received = new byte[1 << 16];
    private int count; // bytes of the answer that have come
    private int headEnd; // -1 while the head has not come
    private int bodyFrom;
    private int bodyTo;

    HttpConnection(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
    }

    /// The bytes of a request.
    static byte[] post(String path, byte[] json) {
        byte[] head = (POST + "Content-Length: %d\r\n\r\n")
                .formatted(path, json.length)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + json.length);
        System.arraycopy(json, 0, all, head.length, json.length);
        return all;
    }

    static byte[] get(String path) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII);
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// @return its status
    /// @throws IOException where the connection ends before, or the answer does not say how long it is
    int ask(byte[] request) throws IOException {
        send(request);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (!receive()) {
                LoadGenerator.await(selector, _ -> {});
            }
        }
        return status();
    }

    /// What there is to read on while an answer comes.
    SocketChannel channel() {
        return channel;
    }

    /// Sends a request, once the answer to the last one is whole.
    void send(byte[] request) throws IOException {
        count = 0;
        headEnd = -1;
        bodyTo = 0;
        ByteBuffer bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                Thread.onSpinWait(); // the kernel takes a request at once but where it is very large
            }
        }
    }

    /// Reads what has come.
    ///
    /// @return whether the answer is whole
    /// @throws IOException where the connection ends before, or the answer does not say how long it is
    boolean receive() throws IOException {
        int read;
        do {
            if (count == received.length || bodyTo > received.length) {
                received = Arrays.copyOf(received, Math.max(bodyTo, 2 * received.length));
            }
            read = channel.read(ByteBuffer.wrap(received, count, received.length - count));
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            count += read;
            if (headEnd < 0) {
                findBody(Math.max(0, count - read - 3));
            }
        } while (read > 0 && !isWhole());
        return isWhole();
    }

    private boolean isWhole() {
        return headEnd >= 0 && count >= bodyTo;
    }

    /// Of the last answer.
    int status() {
        return number("HTTP/1.1 ".length());
    }

    /// Bytes of the body of the last answer.
    int bodySize() {
        return bodyTo - bodyFrom;
    }

    /// The body of the last answer.
    byte[] body() {
        return Arrays.copyOfRange(received, bodyFrom, bodyTo);
    }

    /// @param from where the empty line may begin that ends the head
    private void findBody(int from) throws IOException {
        headEnd = headEnd(from);
        if (headEnd >= 0) {
            bodyFrom = headEnd + 4;
            bodyTo = bodyFrom + length();
        }
    }

    /// Where the empty line begins that ends the head; -1 while it has not come.
    private int headEnd(int from) {
        for (int at = from; at + 3 < count; at++) {
            if (received[at] == '\r'
                    && received[at + 1] == '\n'
                    && received[at + 2] == '\r'
                    && received[at + 3] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /// How long the body is, as the head tells, which makes no garbage.
    private int length() throws IOException {
        for (int at = 0; at + LENGTH.length < headEnd; at++) {
            if (received[at] == '\n' && isLength(at + 1)) {
                return number(at + 1 + LENGTH.length);
            }
        }
        String head = new String(received, 0, headEnd, StandardCharsets.ISO_8859_1);
        throw new IOException("expected an answer that tells its length, found: " + head);
    }

    private boolean isLength(int from) {
        for (int i = 0; i < LENGTH.length; i++) {
            if (Character.toLowerCase(received[from + i]) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    /// The number in the head from `from` on, after spaces.
    private int number(int from) {
        int at = from;
        while (at < headEnd && received[at] == ' ') {
            at++;
        }
        int number = 0;
        for (; at < headEnd && received[at] >= '0' && received[at] <= '9'; at++) {
            number = Math.addExact(Math.multiplyExact(number, 10), received[at] - '0');
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
