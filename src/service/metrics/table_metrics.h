// How the tables are: rows, lag, restore, what did not decode, memory.

#pragma once

#include "service/metrics/metric_text.h"
#include "service/tables.h"

namespace omashu::service {

void write_table_metrics(MetricText& text, const Tables& tables);

}  // namespace omashu::service
