// What the error codes of Kafka and of librdkafka mean to a caller.

#pragma once

#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::kafka {

// `code` is an rd_kafka_resp_err_t: positive from the broker, negative from the library.
ErrorCode meaning_of(int code);

// Kafka's name of it: "INVALID_CONFIG".
std::string name_of(int code);

// "INVALID_CONFIG: Invalid value nonsense for …": the broker's own words, where it sent any.
Error broker_error(int code, std::string_view broker_message);

// A broker said so, and may say otherwise in a moment: an election, a quota, a log that is not there yet.
bool is_passing(int code);

}  // namespace omashu::kafka
