#include "table/store/ranges.h"

#include <algorithm>

namespace omashu::table {

namespace {

bool is_empty(const Range& range) { return !range.to.empty() && range.from >= range.to; }

// Whether `a` ends before `b` does.
bool ends_before(const std::string& a, const std::string& b) { return !a.empty() && (b.empty() || a < b); }

}  // namespace

Ranges unite(Ranges ranges) {
  std::erase_if(ranges, is_empty);
  std::ranges::sort(ranges, {}, &Range::from);
  Ranges united;
  for (Range& range : ranges) {
    if (united.empty() || (!united.back().to.empty() && united.back().to < range.from)) {
      united.push_back(std::move(range));
    } else if (ends_before(united.back().to, range.to)) {
      united.back().to = std::move(range.to);
    }
  }
  return united;
}

Ranges intersect(const Ranges& a, const Ranges& b) {
  Ranges both;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    Range common{.from = std::max(x->from, y->from), .to = ends_before(x->to, y->to) ? x->to : y->to};
    if (!is_empty(common)) both.push_back(std::move(common));
    ++(ends_before(x->to, y->to) ? x : y);
  }
  return both;
}

}  // namespace omashu::table
