// Sets of values as ranges of them, in order and apart.

#pragma once

#include <string>
#include <vector>

#include "table/store/table_store.h"

namespace omashu::table {

using Ranges = std::vector<Range>;

// What lies in one range at least; `ranges` in any order, empty ones among them.
Ranges unite(Ranges ranges);

// What lies in both; each as unite() gives it.
Ranges intersect(const Ranges& a, const Ranges& b);

}  // namespace omashu::table
