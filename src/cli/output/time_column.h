// Times in a column of a table, shortened to what differs between them.

#pragma once

#include <string>
#include <vector>

namespace omashu::cli {

// Where every cell that is not empty is a time as omashu prints it ("2026-11-30T08:15:00.250Z"), a date that they share
// goes into the title, and zeros that all of them have after the seconds go: "started 2026-11-30" over "08:15:00Z".
// Other columns stay as they are.
void shorten_times(std::string& title, const std::vector<std::string*>& cells);

}  // namespace omashu::cli
