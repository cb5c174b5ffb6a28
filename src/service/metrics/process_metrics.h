// What the process uses, under the names that Prometheus' own libraries give it.

#pragma once

#include "service/metrics/metric_text.h"

namespace omashu::service {

void write_process_metrics(MetricText& text);

}  // namespace omashu::service
