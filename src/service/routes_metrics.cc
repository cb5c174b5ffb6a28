// /metrics

#include <fmt/core.h>

#include <memory>

#include "service/metrics/process_metrics.h"
#include "service/metrics/request_metrics.h"
#include "service/metrics/table_metrics.h"
#include "service/parts.h"

namespace omashu::service {

namespace {

std::string metrics_text(const Parts& parts, const RequestMetrics& requests, const std::vector<Parts::Gauge>& gauges) {
  MetricText text;
  text.family("omashu_build_info", MetricText::Kind::kGauge, "The build of this process.");
  text.sample({{"version", parts.version}}, uint64_t{1});
  write_table_metrics(text, parts.tables);
  requests.write(text);
  for (const Parts::Gauge& gauge : gauges) {
    text.family(gauge.name, gauge.is_counter ? MetricText::Kind::kCounter : MetricText::Kind::kGauge, gauge.help);
    text.sample({}, gauge.value());
  }
  write_process_metrics(text);
  return text.take();
}

}  // namespace

Operations metrics_operations(const Parts& parts, const RequestMetrics& requests,
                              const std::vector<Parts::Gauge>& gauges) {
  Operations operations;
  operations.push_back({.pattern = "/metrics",
                        .id = "getMetrics",
                        .tag = "System",
                        .summary = "Metrics as Prometheus reads them",
                        .answers = {{200, {"The metrics", {{"text/plain", R"({"type":"string"})"}}}}},
                        .access = http::Access::kKnown,
                        .handler = [&parts, &requests, &gauges](const http::ExchangePtr& exchange) {
                          parts.executor.post([&parts, &requests, &gauges, exchange] {
                            exchange->answer({.content_type = "text/plain; version=0.0.4; charset=utf-8",
                                              .body = metrics_text(parts, requests, gauges)});
                          });
                        }});
  return operations;
}

}  // namespace omashu::service
