/// Ranking by an exported bundle, inside a service of one's own or behind HTTP. It knows neither the trainer nor its
/// libraries.
package io.github.corymb.serving;
