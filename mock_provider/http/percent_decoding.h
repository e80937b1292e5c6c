#ifndef ARBSTR_MOCK_PROVIDER_HTTP_PERCENT_DECODING_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_PERCENT_DECODING_H_

#include <string>
#include <string_view>

namespace mock_provider {

// A piece of a URL with each %XX as the byte it stands for. A % without two digits stays as it is.
std::string PercentDecoded(std::string_view text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_PERCENT_DECODING_H_
