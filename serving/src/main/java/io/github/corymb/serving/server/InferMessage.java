package io.github.corymb.serving.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.corymb.feature.Column;
import io.github.corymb.feature.InputException;
import io.github.corymb.serving.Ranking;
import io.github.corymb.serving.rpc.inference.InferParameter;
import io.github.corymb.serving.rpc.inference.InferTensorContents;
import io.github.corymb.serving.rpc.inference.ModelInferRequest;
import io.github.corymb.serving.rpc.inference.ModelInferRequest.InferInputTensor;
import io.github.corymb.serving.rpc.inference.ModelInferRequest.InferRequestedOutputTensor;
import io.github.corymb.serving.rpc.inference.ModelInferResponse;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// An inference as a message of gRPC. Parameters are those of [InferBody]; where inputs come in `raw_input_contents`,
/// outputs go in `raw_output_contents`.
final class InferMessage {

    private InferMessage() {}

    /// @throws InputException for a message that contradicts itself
    static InferRequest read(ModelInferRequest message, int rowLimit) {
        boolean raw = message.getRawInputContentsCount() > 0;
        if (raw && message.getRawInputContentsCount() != message.getInputsCount()) {
            throw new InputException("raw_input_contents: expected one for each of %d inputs, found %d"
                    .formatted(message.getInputsCount(), message.getRawInputContentsCount()));
        }
        List<InputTensor> inputs = new ArrayList<>(message.getInputsCount());
        for (int i = 0; i < message.getInputsCount(); i++) {
            inputs.add(tensor(message.getInputs(i), raw ? message.getRawInputContents(i) : null, rowLimit));
        }
        return new InferRequest(
                message.getId(),
                inputs,
                message.getOutputsList().stream()
                        .map(InferRequestedOutputTensor::getName)
                        .toList());
    }

    /// @param raw whether the predictions are written as bytes
    static ModelInferResponse write(Models.Version version, Ranking ranking, String id, boolean raw) {
        ModelInferResponse.Builder answer = ModelInferResponse.newBuilder()
                .setModelName(version.model())
                .setModelVersion(version.version())
                .setId(id)
                .putParameters(
                        "bundle",
                        InferParameter.newBuilder()
                                .setStringParam(ranking.bundle().digest())
                                .build());
        for (Ranking.TaskScores task : ranking.tasks()) {
            ModelInferResponse.InferOutputTensor.Builder output = answer.addOutputsBuilder()
                    .setName(task.task())
                    .setDatatype(Datatype.FP32.name())
                    .addShape(task.values().length / task.width())
                    .addShape(task.width());
            if (raw) {
                answer.addRawOutputContents(UnsafeByteOperations.unsafeWrap(InferAnswer.raw(task)));
            } else {
                for (float value : task.values()) {
                    output.getContentsBuilder().addFp32Contents(value);
                }
            }
        }
        return answer.build();
    }

    private static InputTensor tensor(InferInputTensor input, ByteString raw, int rowLimit) {
        String place = "'" + input.getName() + "'";
        Datatype type = Datatype.of(input.getDatatype(), place);
        long[] shape = input.getShapeList().stream()
                .mapToLong(Long::longValue)
                .limit(3)
                .toArray();
        int count = InputTensor.count(shape, rowLimit, place);
        Column values = raw == null
                ? values(input.getContents(), type, count, place)
                : type.decode(raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN), count, place);
        Object missing = plain(input.getParametersOrDefault("missing", InferParameter.getDefaultInstance()));
        return InputTensor.of(input.getName(), shape, values, type.plain(missing, place));
    }

    private static Object plain(InferParameter parameter) {
        return switch (parameter.getParameterChoiceCase()) {
            case BOOL_PARAM -> parameter.getBoolParam();
            case INT64_PARAM -> parameter.getInt64Param();
            case STRING_PARAM -> parameter.getStringParam();
            case DOUBLE_PARAM -> parameter.getDoubleParam();
            case UINT64_PARAM -> parameter.getUint64Param();
            case PARAMETERCHOICE_NOT_SET -> null;
        };
    }

    private static Column values(InferTensorContents contents, Datatype type, int count, String place) {
        return switch (type) {
            case BOOL -> longs(contents.getBoolContentsList(), count, type, place);
            case INT8, INT16, INT32 -> longs(contents.getIntContentsList(), count, type, place);
            case INT64 -> longs(contents.getInt64ContentsList(), count, type, place);
            case UINT8, UINT16 -> longs(contents.getUintContentsList(), count, type, place);
            case UINT32 ->
                longs(
                        requireCount(contents.getUintContentsList(), count, type, place).stream()
                                .map(Integer::toUnsignedLong)
                                .toList(),
                        count,
                        type,
                        place);
            case UINT64 -> longs(contents.getUint64ContentsList(), count, type, place);
            case FP32 -> doubles(contents.getFp32ContentsList(), count, type, place);
            case FP64 -> doubles(contents.getFp64ContentsList(), count, type, place);
            case BYTES -> texts(requireCount(contents.getBytesContentsList(), count, type, place));
        };
    }

    private static Column longs(List<?> values, int count, Datatype type, String place) {
        requireCount(values, count, type, place);
        long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = (Long) type.plain(values.get(i), place);
        }
        return new Column.Longs(longs, null);
    }

    private static Column doubles(List<? extends Number> values, int count, Datatype type, String place) {
        requireCount(values, count, type, place);
        return new Column.Doubles(
                values.stream().mapToDouble(Number::doubleValue).toArray(), null);
    }

    private static Column texts(List<ByteString> values) {
        int[] offsets = new int[values.size() + 1];
        for (int i = 0; i < values.size(); i++) {
            offsets[i + 1] = Math.addExact(offsets[i], values.get(i).size());
        }
        byte[] utf8 = new byte[offsets[values.size()]];
        IntStream.range(0, values.size()).forEach(i -> values.get(i).copyTo(utf8, offsets[i]));
        return new Column.Texts(utf8, offsets, null);
    }

    private static <T> List<T> requireCount(List<T> values, int count, Datatype type, String place) {
        if (values.size() != count) {
            throw new InputException("input %s: expected %d values of %s in their field of contents, found %d"
                    .formatted(place, count, type, values.size()));
        }
        return values;
    }
}
