// What the engines of a process tell over HTTP: /metrics as Prometheus reads it, /healthz and /readyz as JSON.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sink/engine_stats.h"

namespace omashu::cli {

using NamedStats = std::vector<std::pair<std::string, sink::EngineStats>>;  // by the sink's name

std::string sink_metrics(const NamedStats& sinks);

// {"status":"ok","sinks":[{"name":"downloads","state":"running","records":5,"lag":0}]}
std::string sink_health(const NamedStats& sinks);

// Whether no sink has ended by itself.
bool is_healthy(const NamedStats& sinks);
// Whether every sink gets on.
bool is_ready(const NamedStats& sinks);

}  // namespace omashu::cli
