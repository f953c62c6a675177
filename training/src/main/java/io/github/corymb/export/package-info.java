/// Trained models as ONNX graphs.
package io.github.corymb.export;
