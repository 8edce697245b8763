#![cfg_attr(fuzzing, no_main)]
isl_volano_fuzz::target!(isl_light_against_form_urlencoded);
