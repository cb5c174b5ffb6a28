// A dead letter as the record that it was: sent again after a mend, with a mark of where it lay.

#pragma once

#include <string>
#include <string_view>

#include "kafka/types.h"

namespace omashu::sink {

inline constexpr std::string_view kReplayedFromHeader = "omashu.replayed.from";  // "status-download.dead-0-17"
inline constexpr std::string_view kReplayCountHeader = "omashu.replays";         // how often it was replayed

// How often it was replayed before it died again; 0 where no header says so.
int replay_count(const kafka::Message& dead_letter);

// The topic that it failed in; "" where it is nobody's dead letter.
std::string_view failed_topic(const kafka::Message& dead_letter);

// Key, value, timestamp and headers of the record as it was first, with the two headers above. The key chooses the
// partition, so records of one key keep their order.
kafka::Record make_replay(const kafka::Message& dead_letter, const std::string& topic);

}  // namespace omashu::sink
