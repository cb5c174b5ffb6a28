#include "broker/protocol/32_describe_configs.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<DescribeConfigsRequest>;
template struct MessageCodec<DescribeConfigsResponse>;

}  // namespace omashu::broker
