/// Rankers behind HTTP: models by version and label from a folder, the ranking call, health and metrics.
package io.github.corymb.serving.server;
