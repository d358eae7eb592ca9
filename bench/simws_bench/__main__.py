import sys

from simws_bench.main import main

sys.exit(main())
