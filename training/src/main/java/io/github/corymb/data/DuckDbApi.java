package io.github.corymb.data;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// The functions of DuckDB's C interface that we call, and the layouts they speak of. A pointer is a `long`: an opaque
/// handle of DuckDB, or an address that [#MEMORY] reads. Nothing is checked here: who calls knows the contract of
/// `duckdb.h`.
///
/// All functions but one are linked as (long, long, long, long) → long, since each signature more costs a start of the
/// program some 15 ms. That is sound where we run: every 64-bit calling convention passes four integers in registers,
/// a callee reads those it declares, and a narrower result is the low half of the register, see [#failed].
final class DuckDbApi {

    /// `duckdb_result`: three counts, two pointers and the internal pointer; it is passed by value to fetch chunks.
    static final MemoryLayout RESULT = MemoryLayout.structLayout(
            JAVA_LONG.withName("columns"),
            JAVA_LONG.withName("rows"),
            JAVA_LONG.withName("changed"),
            JAVA_LONG.withName("data"),
            JAVA_LONG.withName("error"),
            JAVA_LONG.withName("internal"));

    /// All of the process' memory, read at absolute addresses that DuckDB handed out.
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final int TYPE_BIGINT = 5;
    static final int TYPE_DOUBLE = 11;
    static final int TYPE_VARCHAR = 17;
    static final int TYPE_LIST = 24;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = DuckDbLibrary.load();
    private static final FunctionDescriptor SIGNATURE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static final MethodHandle CREATE_CONFIG = link("create_config");
    static final MethodHandle SET_CONFIG = link("set_config");
    static final MethodHandle DESTROY_CONFIG = link("destroy_config");
    static final MethodHandle OPEN = link("open_ext");
    static final MethodHandle CLOSE = link("close");
    static final MethodHandle CONNECT = link("connect");
    static final MethodHandle DISCONNECT = link("disconnect");
    static final MethodHandle FREE = link("free");

    static final MethodHandle PREPARE = link("prepare");
    static final MethodHandle PREPARE_ERROR = link("prepare_error");
    static final MethodHandle DESTROY_PREPARE = link("destroy_prepare");
    static final MethodHandle PENDING_STREAMING = link("pending_prepared_streaming");
    static final MethodHandle PENDING_ERROR = link("pending_error");
    static final MethodHandle EXECUTE_PENDING = link("execute_pending");
    static final MethodHandle DESTROY_PENDING = link("destroy_pending");

    static final MethodHandle RESULT_ERROR = link("result_error");
    static final MethodHandle DESTROY_RESULT = link("destroy_result");
    static final MethodHandle DESTROY_CHUNK = link("destroy_data_chunk");
    static final MethodHandle CHUNK_SIZE = link("data_chunk_get_size");
    static final MethodHandle CHUNK_SET_SIZE = link("data_chunk_set_size");
    static final MethodHandle CHUNK_VECTOR = link("data_chunk_get_vector");
    static final MethodHandle CHUNK_RESET = link("data_chunk_reset");
    static final MethodHandle CREATE_CHUNK = link("create_data_chunk");

    static final MethodHandle VECTOR_TYPE = link("vector_get_column_type");
    static final MethodHandle VECTOR_DATA = link("vector_get_data");
    static final MethodHandle VECTOR_VALIDITY = link("vector_get_validity");
    static final MethodHandle LIST_CHILD = link("list_vector_get_child");
    static final MethodHandle LIST_RESERVE = link("list_vector_reserve");
    static final MethodHandle LIST_SET_SIZE = link("list_vector_set_size");
    static final MethodHandle TYPE_ID = link("get_type_id");
    static final MethodHandle CREATE_TYPE = link("create_logical_type");
    static final MethodHandle CREATE_LIST_TYPE = link("create_list_type");
    static final MethodHandle DESTROY_TYPE = link("destroy_logical_type");

    static final MethodHandle APPENDER_CREATE = link("appender_create");
    static final MethodHandle APPENDER_ERROR = link("appender_error");
    static final MethodHandle APPENDER_CLOSE = link("appender_close");
    static final MethodHandle APPENDER_DESTROY = link("appender_destroy");
    static final MethodHandle APPEND_CHUNK = link("append_data_chunk");

    private static final MethodHandle FETCH_CHUNK =
            LINKER.downcallHandle(LIBRARY.findOrThrow("duckdb_fetch_chunk"), FunctionDescriptor.of(JAVA_LONG, RESULT));

    private DuckDbApi() {}

    static long call(MethodHandle function, long a) {
        return call(function, a, 0, 0, 0);
    }

    static long call(MethodHandle function, long a, long b) {
        return call(function, a, b, 0, 0);
    }

    static long call(MethodHandle function, long a, long b, long c, long d) {
        try {
            return (long) function.invokeExact(a, b, c, d);
        } catch (Throwable e) {
            throw new LinkageError("a call of DuckDB failed", e);
        }
    }

    /// Whether the `duckdb_state` in the low half of `returned` is an error.
    static boolean failed(long returned) {
        return (int) returned != 0;
    }

    /// The next chunk of a result, or 0 at its end or on an error.
    static long fetchChunk(MemorySegment result) {
        try {
            return (long) FETCH_CHUNK.invokeExact(result);
        } catch (Throwable e) {
            throw new LinkageError("a call of DuckDB failed", e);
        }
    }

    /// The text of a C string, or the empty text where DuckDB gave none.
    static String text(long address) {
        return address == 0 ? "" : MEMORY.getString(address, StandardCharsets.UTF_8);
    }

    private static MethodHandle link(String name) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow("duckdb_" + name), SIGNATURE);
    }
}
