/** The output of each model call ends with it, so that the sink can tell what arrived, and whether it arrived whole. */
export const END_MARK = '<<end of output>>';
