#include "cli/sinks/sink_metrics.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/json.h"
#include "service/metrics/metric_text.h"

namespace omashu::cli {

namespace {

using service::MetricText;
using sink::EngineStats;

struct Family {
  std::string_view name;
  MetricText::Kind kind;
  std::string_view help;
  std::function<double(const EngineStats&)> value;
};

const Family kFamilies[] = {
    {"omashu_sink_records_total", MetricText::Kind::kCounter, "Records that are durable or set aside.",
     [](const EngineStats& stats) { return static_cast<double>(stats.records); }},
    {"omashu_sink_batches_total", MetricText::Kind::kCounter, "Batches that are durable.",
     [](const EngineStats& stats) { return static_cast<double>(stats.batches); }},
    {"omashu_sink_batch_failures_total", MetricText::Kind::kCounter, "Batches that had to be written again.",
     [](const EngineStats& stats) { return static_cast<double>(stats.failures); }},
    {"omashu_sink_dead_letters_total", MetricText::Kind::kCounter, "Records that were set aside in the dead letters.",
     [](const EngineStats& stats) { return static_cast<double>(stats.dead_letters); }},
    {"omashu_sink_retries_total", MetricText::Kind::kCounter, "Records that were sent to a retry topic.",
     [](const EngineStats& stats) { return static_cast<double>(stats.retries); }},
    {"omashu_sink_write_seconds_total", MetricText::Kind::kCounter, "Time that batches took, failed ones included.",
     [](const EngineStats& stats) { return stats.write_seconds; }},
    {"omashu_sink_held_bytes", MetricText::Kind::kGauge, "Bytes of records that were read and are not durable yet.",
     [](const EngineStats& stats) { return static_cast<double>(stats.held_bytes); }},
    {"omashu_sink_running", MetricText::Kind::kGauge, "1 where the sink gets on, 0 where it waits or has ended.",
     [](const EngineStats& stats) { return stats.state == EngineStats::State::kRunning ? 1.0 : 0.0; }},
};

void append_partitions(MetricText& text, const NamedStats& sinks) {
  const auto each = [&](auto&& sample) {
    for (const auto& [name, stats] : sinks) {
      for (const auto& [place, partition] : stats.partitions) {
        sample(name, place.topic, fmt::format("{}", place.partition), partition);
      }
    }
  };
  text.family("omashu_sink_lag", MetricText::Kind::kGauge, "Records of the partition that are not written yet.");
  each([&](const std::string& name, const std::string& topic, const std::string& number, const auto& partition) {
    if (!partition.lag) return;
    text.sample({{"sink", name}, {"topic", topic}, {"partition", number}}, static_cast<double>(*partition.lag));
  });
}

// Those of the sinks' own, by families: two sinks of one kind tell the same ones.
void append_own(MetricText& text, const NamedStats& sinks) {
  std::map<std::string, std::vector<std::pair<const std::string*, const sink::SinkMetric*>>> families;
  for (const auto& [name, stats] : sinks) {
    for (const sink::SinkMetric& metric : stats.sink) families[metric.name].emplace_back(&name, &metric);
  }
  for (const auto& [name, samples] : families) {
    text.family(name, name.ends_with("_total") ? MetricText::Kind::kCounter : MetricText::Kind::kGauge,
                samples.front().second->help);
    for (const auto& [sink, metric] : samples) text.sample({{"sink", *sink}}, metric->value);
  }
}

}  // namespace

std::string sink_metrics(const NamedStats& sinks) {
  MetricText text;
  for (const Family& family : kFamilies) {
    text.family(family.name, family.kind, family.help);
    for (const auto& [name, stats] : sinks) text.sample({{"sink", name}}, family.value(stats));
  }
  append_partitions(text, sinks);
  append_own(text, sinks);
  return text.take();
}

bool is_healthy(const NamedStats& sinks) {
  return std::ranges::none_of(sinks, [](const auto& one) { return one.second.state == EngineStats::State::kFailed; });
}

bool is_ready(const NamedStats& sinks) {
  return std::ranges::all_of(sinks, [](const auto& one) { return one.second.state == EngineStats::State::kRunning; });
}

std::string sink_health(const NamedStats& sinks) {
  json::Value list = json::Value::array();
  for (const auto& [name, stats] : sinks) {
    json::Value one = json::Value::object();
    one.add("name", name).add("state", state_name(stats.state)).add("records", stats.records);
    if (const auto lag = stats.lag()) one.add("lag", *lag);
    if (stats.dead_letters > 0) one.add("deadLetters", stats.dead_letters);
    if (!stats.last_failure.empty()) one.add("failure", stats.last_failure);
    list.append(std::move(one));
  }
  json::Value body = json::Value::object();
  body.add("status", is_healthy(sinks) ? "ok" : "failed").add("sinks", std::move(list));
  return json::to_text(body) + "\n";
}

}  // namespace omashu::cli
