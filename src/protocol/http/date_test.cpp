#include "protocol/http/date.h"

#include <gtest/gtest.h>

namespace simws::protocol::http {
namespace {

TEST(Date, IsWrittenAsRfc9110Says) {
  EXPECT_EQ(format_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT") << "the RFC's example";
  EXPECT_EQ(format_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_date(951827696), "Tue, 29 Feb 2000 12:34:56 GMT");
  EXPECT_EQ(format_date(4102444799), "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST(Date, IsReadInAllThreeForms) {
  const struct {
    const char* text;
    std::time_t time;
  } dates[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},  // the RFC's three examples
      {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
      {"Sun Nov  6 08:49:37 1994", 784111777},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
      {"Tue, 29 Feb 2000 12:34:56 GMT", 951827696},
      {"Wednesday, 31-Dec-69 23:59:60 GMT", 3155760000},
      {"Fri, 31 Dec 9999 23:59:59 GMT", 253402300799},
  };
  for (const auto& date : dates) EXPECT_EQ(parse_date(date.text), date.time) << date.text;
}

TEST(Date, IsNothingElse) {
  for (const char* text : {"",
                           "0",
                           "120",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 08:49:37 GMT x",
                           "Sun, 32 Nov 1994 08:49:37 GMT",
                           "Sun, 29 Feb 2001 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 994 08:49:37 GMT",
                           "Sun, 06 Nov 19940 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Nov 1994 8:49:37 GMT",
                           "Sun, 06 Nov 1994 08-49-37 GMT",
                           "Sun, +6 Nov 1994 08:49:37 GMT",
                           ", , , , ,",
                           "- - - - - -",
                           "Sun Nov 6 08:49:37 GMT 1994 1995"}) {
    EXPECT_EQ(parse_date(text), std::nullopt) << text;
  }
}

TEST(Date, ReadsWhatIsWritten) {
  for (std::time_t time = 0; time < 4102444800; time += 8640007) {
    EXPECT_EQ(parse_date(format_date(time)), time);
  }
}

}  // namespace
}  // namespace simws::protocol::http
