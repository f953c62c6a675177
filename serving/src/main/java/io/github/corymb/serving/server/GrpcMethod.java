package io.github.corymb.serving.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.corymb.feature.InputException;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A gRPC method whose messages stay bytes until they are computed: while they wait they take no more memory than they
/// were sent with.
final class GrpcMethod {

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }
    };

    private static final String NO_ID = "-";

    private GrpcMethod() {}

    /// A method that the compute pool answers.
    ///
    /// @param call what a message with an id asks
    static <A> ServerMethodDefinition<byte[], A> computed(
            MethodDescriptor<?, A> method,
            ComputePool compute,
            ServerMetrics metrics,
            BiFunction<String, byte[], Call<A>> call) {
        return definition(method, (message, observer) -> {
            String id = RequestIds.of(ServiceRequestContext.current());
            long start = System.nanoTime();
            var _ = compute.submit(ServiceRequestContext.current(), start, () -> call.apply(id, message))
                    .whenComplete((result, fault) -> {
                        int status = tell(id, result, fault, observer);
                        metrics.request(status, System.nanoTime() - start);
                    });
        });
    }

    /// A method that takes no time.
    static <A> ServerMethodDefinition<byte[], A> immediate(MethodDescriptor<?, A> method, Function<byte[], A> answer) {
        return definition(method, (message, observer) -> {
            try {
                tell(NO_ID, answer.apply(message), null, observer);
            } catch (RuntimeException fault) {
                tell(NO_ID, null, fault, observer);
            }
        });
    }

    /// @throws InputException where the bytes are no such message
    static <M extends MessageLite> M parse(Parser<M> parser, byte[] message) {
        try {
            return parser.parseFrom(message);
        } catch (InvalidProtocolBufferException problem) {
            throw new InputException("message: expected one of this method: " + problem.getMessage(), problem);
        }
    }

    private static <A> ServerMethodDefinition<byte[], A> definition(
            MethodDescriptor<?, A> method, ServerCalls.UnaryMethod<byte[], A> call) {
        return ServerMethodDefinition.create(
                method.toBuilder(BYTES, method.getResponseMarshaller()).build(), ServerCalls.asyncUnaryCall(call));
    }

    /// @return the HTTP status of the same meaning
    private static <A> int tell(String id, A result, Throwable fault, StreamObserver<A> observer) {
        if (fault == null) {
            observer.onNext(result);
            observer.onCompleted();
            return 200;
        }
        RefusedException refused = RefusedException.of(id, fault);
        observer.onError(Status.fromCode(refused.refusal().code())
                .withDescription(refused.getMessage())
                .asRuntimeException());
        return refused.refusal().status().code();
    }
}
